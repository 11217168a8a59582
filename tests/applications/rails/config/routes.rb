Rails.application.routes.draw do
  root "shop#index"
  get "/health", to: "shop#health"
  get "/version", to: "shop#version"
end
